import { readEnvironment, runService, ServiceEnvironment } from '@chaos-kitchen/service'
import { loyaltyService } from './loyalty-service.ts'

await runService(
  () => readEnvironment(ServiceEnvironment),
  () => loyaltyService,
)
