import { ResilienceError } from '@chaos-kitchen/resilience'
import { HttpProblem } from '@chaos-kitchen/service'
import { DownstreamError } from '../errors.ts'

const DEFAULT_RETRY_AFTER = 1_000

/** What the caller is told of errors that an implementation let through. Undefined: a 500, for nobody thought of it. */
export function problemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof ResilienceError) return ofResilience(error)
  if (error instanceof DownstreamError) return ofDownstream(error)
  // What AbortSignal.timeout() aborts with.
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return new HttpProblem(504, { detail: 'Something that the order needs took too long.' }, { cause: error })
  return undefined
}

/** A request that inbound limits turned away before any work: 429 where the rate is to blame, else 503. */
export function admissionProblem(error: ResilienceError): HttpProblem {
  return new HttpProblem(
    error.code === 'RATE_LIMITED' ? 429 : 503,
    {
      type: 'not-admitted',
      detail: 'The kitchen has all hands full. Nothing was ordered.',
      retryAfter: error.retryAfter ?? DEFAULT_RETRY_AFTER,
    },
    { cause: error },
  )
}

function ofResilience(error: ResilienceError): HttpProblem {
  const type = error.code.toLowerCase().replaceAll('_', '-')
  const detail = error.message
  if (error.code === 'TIMEOUT' || error.code === 'DEADLINE_EXCEEDED')
    return new HttpProblem(504, { type, detail }, { cause: error })
  const retryAfter = error.retryAfter ?? DEFAULT_RETRY_AFTER
  return new HttpProblem(503, { type, detail, retryAfter }, { cause: error })
}

/** A 4xx of a callee is a mistake of this service, so a 500; anything else is the callee's trouble. */
function ofDownstream(error: DownstreamError): HttpProblem | undefined {
  if (error.status !== undefined && error.status >= 400 && error.status < 500 && error.status !== 429) return undefined
  const busy = error.status === 503 || error.status === 429
  return new HttpProblem(
    busy ? 503 : 502,
    {
      type: `${error.service}-unavailable`,
      detail: `The ${error.service} service is not available at the moment.`,
      ...(busy && { retryAfter: error.retryAfter ?? DEFAULT_RETRY_AFTER }),
    },
    { cause: error },
  )
}
