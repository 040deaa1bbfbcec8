import { StageError } from '@chaos-kitchen/kitchen'
import type { Check } from './check.ts'

/** Everything starts and answers: PostgreSQL as this user, the proxies, the services, the collector. */
export const restaurant: Check = {
  name: 'restaurant',
  async run({ stage, signal }) {
    const began = performance.now()
    try {
      await stage.up({ signal })
      const { services } = await stage.status()
      const waiting = services.filter(({ ready }) => !ready).map(({ name }) => name)
      const ok = waiting.length === 0
      const took = `${((performance.now() - began) / 1_000).toFixed(1)} s`
      return { ok, found: ok ? `${services.length} parts ready in ${took}` : `${waiting.join(', ')} not ready` }
    } catch (error) {
      if (error instanceof StageError)
        return { ok: false, found: error.message, remedy: [error.meaning, ...error.remedy] }
      throw error
    }
  },
}
