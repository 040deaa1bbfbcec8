import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts'
import { telemetry } from '../../telemetry/hub.ts'
import { InboundCall } from './inbound-call.ts'
import { type ResiliencePluginOptions, settlePluginOptions } from './plugin-options.ts'
import type {} from './request.ts'

/**
 * A Fastify plugin for the receiving side: `await app.register(resilience, { admission })`.
 *
 * - The deadline header becomes `request.deadline`; `request.signal` aborts when the deadline passes, the caller goes
 *   away or a policy gives the request up. `request.callOptions` has both for the calls that the handler makes.
 * - Requests are let in by the admission pipeline before their body is read, by priority where it sheds. Those that are
 *   turned away get 429 or 503 with Retry-After, those whose time is up 504, with a problem document.
 * - A place is taken until the reply is out and the handler has ended. Await `register` before adding routes: of routes
 *   that were there before, only the reply is known.
 *
 * Works for the whole instance that it is registered with, as if wrapped by fastify-plugin.
 */
export const resilience: FastifyPluginAsync<ResiliencePluginOptions> = Object.assign(register, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@chaos-kitchen/resilience',
  [Symbol.for('plugin-meta')]: { name: '@chaos-kitchen/resilience', fastify: '5.x' },
})

async function register(app: FastifyInstance, options: ResiliencePluginOptions): Promise<void> {
  const settings = settlePluginOptions(options)
  const openDoor: Pick<Pipeline, 'execute'> = pipeline('inbound, always admitted', [])
  const calls = new WeakMap<object, InboundCall>()

  app.decorateRequest('deadline', undefined)
  app.decorateRequest('callOptions', {
    getter() {
      return { signal: this.signal, deadline: this.deadline, priority: settings.priority(this) }
    },
  })
  app.addHook('onRequest', (request, reply, proceed) => {
    const call = new InboundCall(request, reply, settings)
    calls.set(request, call)
    const isExempt = request.routeOptions.config.admission === false
    call.enter(isExempt ? openDoor : settings.admission, proceed)
  })
  app.addHook('onRoute', (route) => {
    const { handler } = route
    route.handler = function (request, reply) {
      const work: unknown = handler.call(this, request, reply)
      calls.get(request)?.track(work)
      return work
    }
  })
  const { stateRoute } = settings
  if (stateRoute !== undefined)
    app.get(stateRoute, { config: { admission: false } }, () => ({
      pipelines: [...telemetry.pipelines()].map((each) => each.metrics()),
    }))
}
