import type { Dispatcher } from 'undici'

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]
type Event = (handler: Dispatcher.DispatchHandler, controller: Dispatcher.DispatchController) => void

/** What of a reply is kept while it is not decided whether the caller gets it. */
const LARGEST_BUFFER = 65_536

/**
 * One attempt at a request. Keeps the reply back, up to a bound and with back-pressure, until it is `deliver`ed to the
 * caller or `discard`ed.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  /** Settles when the headers are there, or no reply will come. */
  readonly answered: Promise<Answer>
  readonly #settle: PromiseWithResolvers<Answer>
  #controller: Dispatcher.DispatchController | undefined
  #abortReason: Error | undefined
  #status: 'pending' | 'answered' | 'over' = 'pending'
  #events: Event[] | undefined = []
  #bufferedBytes = 0
  #receiver: { handler: Dispatcher.DispatchHandler; controller: Dispatcher.DispatchController } | undefined

  constructor() {
    this.#settle = Promise.withResolvers()
    this.answered = this.#settle.promise
  }

  get controller(): Dispatcher.DispatchController | undefined {
    return this.#controller
  }

  /** The caller gets this reply: what there is of it now, the rest as it comes. */
  deliver(handler: Dispatcher.DispatchHandler, controller: Dispatcher.DispatchController): void {
    this.#receiver = { handler, controller }
    const events = this.#events ?? []
    this.#events = undefined
    for (const event of events) event(handler, controller)
    if (!controller.paused) this.#controller?.resume()
  }

  /** Nobody gets it. The rest of a short body is read, so that the connection can be used again. */
  discard(): void {
    this.#events = undefined
    if (this.#bufferedBytes >= LARGEST_BUFFER) this.abort(new Error('the reply was not needed'))
  }

  abort(reason: Error): void {
    if (this.#status === 'over') return
    this.#abortReason = reason
    this.#settle.reject(reason)
    this.#controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#abortReason !== undefined) controller.abort(this.#abortReason)
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers, message?: string): void {
    this.#pass((handler, controller) => handler.onResponseStart?.(controller, status, headers, message))
    if (status < 200) return
    this.#status = 'answered'
    this.#settle.resolve({ attempt: this, status, headers })
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#pass((handler, controller) => handler.onResponseData?.(controller, chunk))
    if (this.#receiver !== undefined) return
    this.#bufferedBytes += chunk.length
    if (this.#bufferedBytes < LARGEST_BUFFER) return
    if (this.#events === undefined) this.abort(new Error('the reply was not needed'))
    else this.#controller?.pause()
  }

  onResponseEnd(_: Dispatcher.DispatchController, trailers: Headers): void {
    this.#status = 'over'
    this.#pass((handler, controller) => handler.onResponseEnd?.(controller, trailers))
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#status = 'over'
    this.#settle.reject(error)
    this.#pass((handler, controller) => handler.onResponseError?.(controller, error))
  }

  #pass(event: Event): void {
    if (this.#receiver !== undefined) event(this.#receiver.handler, this.#receiver.controller)
    else this.#events?.push(event)
  }
}

export interface Answer {
  attempt: Attempt
  status: number
  headers: Headers
}
