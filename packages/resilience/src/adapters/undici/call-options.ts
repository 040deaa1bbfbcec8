import type { RequestCall } from '../http/call-options.ts'

const CALL = Symbol('resilience call options')

/**
 * Tells the pipeline about one request: spread it into the request's options.
 *
 *     await dispatcher.request({ origin, path, method: 'GET', ...callOptions({ deadline, priority: 'high' }) })
 */
export function callOptions(call: RequestCall): { [CALL]: RequestCall } {
  return { [CALL]: call }
}

export function readCallOptions(options: object & { [CALL]?: RequestCall }): RequestCall | undefined {
  return options[CALL]
}
