import type { ServiceApp } from './app.ts'
import { HttpProblem } from './problem.ts'

const RETRY_AFTER = 1_000

/** Until its tables exist a service can't do any work: it says so instead of failing at the first statement. */
export function holdRequestsUntil(app: ServiceApp, ready: () => boolean): void {
  app.addHook('onRequest', (_request, _reply, done) => {
    if (ready()) done()
    else done(new HttpProblem(503, { detail: 'The service is starting.', retryAfter: RETRY_AFTER }))
  })
}
