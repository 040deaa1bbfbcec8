export * from './define-order-service.ts'
