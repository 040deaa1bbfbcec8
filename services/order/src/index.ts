/** What an implementation of the order service needs: types, errors and two helpers. Loads nothing heavy. */
export * from './define-order-service.ts'
export {
  DatabaseUnavailableError,
  DownstreamError,
  HttpProblem,
  IdempotencyConflictError,
  UnknownItemError,
} from './errors.ts'
export { fromCents, toCents, totalInCents } from './money.ts'
export { hashRequest } from './request-hash.ts'
