/**
 * May this request be sent twice? By its method (RFC 9110), or because it carries an Idempotency-Key, by which the
 * callee recognises it (draft-ietf-httpapi-idempotency-key-header).
 */
export function isIdempotentRequest(method: string, hasIdempotencyKey: boolean): boolean {
  return hasIdempotencyKey || IDEMPOTENT_METHODS.has(method.toUpperCase())
}

export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key'

const IDEMPOTENT_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'PUT', 'DELETE'])
