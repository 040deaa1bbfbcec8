export { loyaltyService } from './loyalty-service.ts'
