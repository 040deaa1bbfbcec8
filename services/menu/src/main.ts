import { readEnvironment, runService, ServiceEnvironment } from '@chaos-kitchen/service'
import { menuService } from './menu-service.ts'

await runService(
  () => readEnvironment(ServiceEnvironment),
  () => menuService,
)
