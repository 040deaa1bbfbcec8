/** What an implementation of the order service needs: types, errors and a few helpers. Loads nothing heavy. */
export * from './define-order-service.ts'
export {
  DatabaseUnavailableError,
  DownstreamError,
  HttpProblem,
  IdempotencyConflictError,
  UnknownItemError,
} from './errors.ts'
export { fromCents, toCents, totalInCents } from './money.ts'
export { toReply } from './reply.ts'
export { hashRequest } from './request-hash.ts'
