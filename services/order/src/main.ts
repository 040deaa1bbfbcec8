import { observeEveryPipeline } from '@chaos-kitchen/resilience/otel'
import { readEnvironment, runService } from '@chaos-kitchen/service'
import { OrderEnvironment, orderService } from './order-service.ts'
import { standBy } from './stand-by.ts'

// Implementations are written by people who are learning: a forgotten `await` shall show in what they measure, by an
// order that nobody told loyalty of, and not as a service that is gone.
process.on('unhandledRejection', (reason) => {
  const err = reason instanceof Error ? { type: reason.name, message: reason.message, stack: reason.stack } : reason
  const msg = 'a promise was rejected and nobody handled it: is an `await` missing?'
  process.stdout.write(`${JSON.stringify({ level: 50, time: Date.now(), err, msg })}\n`)
})

// What the pipelines of an implementation do becomes metrics, and events of the spans in which they do it.
// Their durations as a histogram, which the dashboards read; beside a request its record is nothing.
observeEveryPipeline({ durations: 'histogram' })

// A restart that was foreseen waits for the file alone.
if (process.env.STAND_BY === '1') process.env.ORDER_IMPLEMENTATION = await standBy()

await runService(() => readEnvironment(OrderEnvironment), orderService)
