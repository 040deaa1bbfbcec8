import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { StageError } from '../../stage.ts'
import { send } from '../http.ts'
import { HOST } from '../layout.ts'
import { Failure, HostStatus, TargetReply, toStageError } from './messages.ts'

/** Speaks to the control API of a running host. */
export class ControlClient {
  readonly #base: string
  readonly #token: string

  constructor(port: number, token: string) {
    this.#base = `http://${HOST}:${port}`
    this.#token = token
  }

  status(signal?: AbortSignal): Promise<HostStatus> {
    return this.#ask('GET', '/status', HostStatus, signal)
  }

  async targetState(name: string): Promise<Static<typeof TargetReply>['state']> {
    return (await this.#ask('GET', `/targets/${name}`, TargetReply)).state
  }

  async act(name: string, act: string, signal?: AbortSignal): Promise<void> {
    await this.#request('POST', `/targets/${name}/${act}`, undefined, signal)
  }

  async useOrderService(file: string): Promise<void> {
    await this.#request('POST', '/order-service', { file })
  }

  async standBy(): Promise<void> {
    await this.#request('POST', '/stand-by')
  }

  async untilSaved(customerId: string, signal: AbortSignal): Promise<void> {
    await this.#request('GET', `/saved/${customerId}`, undefined, signal)
  }

  async reset(): Promise<void> {
    await this.#request('POST', '/reset')
  }

  async down(): Promise<void> {
    await this.#request('POST', '/down')
  }

  async #ask<Schema extends TSchema>(
    method: string,
    path: string,
    schema: Schema,
    signal?: AbortSignal,
  ): Promise<Static<Schema>> {
    return Value.Parse(schema, JSON.parse(await this.#request(method, path, undefined, signal)))
  }

  /** @throws StageError as the host told it, or `stage-gone` when the host does not answer. */
  async #request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<string> {
    const headers = { authorization: `Bearer ${this.#token}` }
    const reply = await send(method, `${this.#base}${path}`, { body, headers, ...(signal && { signal }) }).catch(
      (error) => {
        throw signal?.aborted ? error : gone()
      },
    )
    if (reply.status === 200) return reply.body
    const failure: unknown = JSON.parse(reply.body)
    throw Value.Check(Failure, failure) ? toStageError(failure) : new Error(reply.body)
  }
}

function gone(): StageError {
  return new StageError('stage-gone', {
    what: 'The restaurant has ended meanwhile.',
    meaning: 'Another command took it down, or its host was killed. Nothing of it is left running.',
    remedy: ['pnpm workshop    to start it again'],
  })
}
