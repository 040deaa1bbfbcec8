/** What went wrong, for programs; the words of the message are Toxiproxy's. */
export type ChaosProxyErrorCode =
  | 'BAD_REQUEST'
  | 'MISSING_FIELD'
  | 'INVALID_STREAM'
  | 'INVALID_TOXIC_TYPE'
  | 'INVALID_TOXIC'
  | 'PROXY_NOT_FOUND'
  | 'PROXY_EXISTS'
  | 'TOXIC_NOT_FOUND'
  | 'TOXIC_EXISTS'
  | 'LISTEN_FAILED'
  | 'RESET_INCOMPLETE'
  | 'BODY_TOO_LARGE'
  | 'SERVER_CLOSED'

/** Every refusal of this package. `status` is what the HTTP API answers with. */
export class ChaosProxyError extends Error {
  override readonly name = 'ChaosProxyError'
  readonly code: ChaosProxyErrorCode
  readonly status: number

  constructor(code: ChaosProxyErrorCode, status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = status
  }
}

export const badRequest = (why: string): ChaosProxyError =>
  new ChaosProxyError('BAD_REQUEST', 400, `bad request body: ${why}`)

export const missingField = (field: string): ChaosProxyError =>
  new ChaosProxyError('MISSING_FIELD', 400, `missing required field: ${field}`)

export const invalidStream = (): ChaosProxyError =>
  new ChaosProxyError('INVALID_STREAM', 400, 'stream was invalid, can be either upstream or downstream')

export const invalidToxicType = (): ChaosProxyError =>
  new ChaosProxyError('INVALID_TOXIC_TYPE', 400, 'invalid toxic type')

export const invalidToxic = (rule: string): ChaosProxyError =>
  new ChaosProxyError('INVALID_TOXIC', 400, `bad request body: ${rule}`)

export const proxyNotFound = (): ChaosProxyError => new ChaosProxyError('PROXY_NOT_FOUND', 404, 'proxy not found')

export const proxyExists = (): ChaosProxyError => new ChaosProxyError('PROXY_EXISTS', 409, 'proxy already exists')

export const toxicNotFound = (): ChaosProxyError => new ChaosProxyError('TOXIC_NOT_FOUND', 404, 'toxic not found')

export const toxicExists = (): ChaosProxyError => new ChaosProxyError('TOXIC_EXISTS', 409, 'toxic already exists')
