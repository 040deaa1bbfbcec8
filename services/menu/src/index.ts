export { menuService } from './menu-service.ts'
