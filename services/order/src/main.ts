import { readEnvironment, runService } from '@chaos-kitchen/service'
import { OrderEnvironment, orderService } from './order-service.ts'

await runService(() => readEnvironment(OrderEnvironment), orderService)
