/**
 * Why no Docker engine can be used.
 * - `absent`: nothing listens at any of the addresses
 * - `forbidden`: it is there, and this user may not use it
 * - `remote`: it runs on another machine, where neither the repository nor 127.0.0.1 are this one's
 * - `silent`: something listens and does not answer as an engine
 */
export type EngineErrorCode = 'absent' | 'forbidden' | 'remote' | 'silent'

export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  /** Addresses that were tried, as in DOCKER_HOST. */
  readonly tried: string[]

  constructor(code: EngineErrorCode, message: string, tried: string[]) {
    super(message)
    this.code = code
    this.tried = tried
  }
}
