import type { ExecuteOptions, Priority } from '../../pipeline/execute-options.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * When the caller stops waiting, in epoch milliseconds, timeouts of the admission pipeline included; undefined
     * where nothing limits it.
     */
    deadline: number | undefined
    /** What calls that are made for this request should be told: `menuCalls.execute(fn, request.callOptions)`. */
    readonly callOptions: Required<Pick<ExecuteOptions, 'signal' | 'deadline' | 'priority'>>
  }

  interface FastifyContextConfig {
    /** False: the route is served however much there is to do; for health checks. Its deadline still counts. */
    admission?: false
    /** How much requests of this route matter, unless the plugin's `priority` says otherwise. Default `normal`. */
    priority?: Priority
  }
}
