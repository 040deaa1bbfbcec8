import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { FatalError } from '@chaos-kitchen/service/errors'
import type { OrderService, OrderServiceDependencies, OrderServiceFactory } from '../define-order-service.ts'
import { locate, messageOf } from './locate.ts'

/**
 * Loads the file that an attendee wrote.
 * @throws FatalError that says what is wrong, where, and what to do
 */
export async function loadImplementation(path: string): Promise<OrderServiceFactory> {
  const file = resolve(path)
  if (!(await isFile(file)))
    throw new FatalError({
      code: 'IMPLEMENTATION_NOT_FOUND',
      message: `There is no file ${file}.`,
      file,
      hint: 'Give the path of a file with `export default defineOrderService(…)`.',
    })
  const factory = await importDefault(file)
  if (isFactory(factory)) return factory
  throw new FatalError({
    code: 'NO_DEFAULT_EXPORT',
    message:
      factory === undefined
        ? 'The file has no default export.'
        : `The default export is no function but ${kind(factory)}.`,
    file,
    hint: 'It has to say `export default defineOrderService(({ menu, loyalty, orders }) => ({ async placeOrder(…) { … } }))`.',
  })
}

/**
 * Runs the factory and checks what it made.
 * @throws FatalError, as above
 */
export function createImplementation(
  factory: OrderServiceFactory,
  dependencies: OrderServiceDependencies,
  path: string,
): OrderService {
  const file = resolve(path)
  const service = runFactory(factory, dependencies, file)
  const placeOrder: unknown = service?.placeOrder
  if (typeof placeOrder === 'function') return service
  const isPromise: unknown = service instanceof Promise
  throw new FatalError({
    code: 'NO_PLACE_ORDER',
    message: isPromise ? 'The factory returned a promise.' : 'The factory returned no placeOrder function.',
    file,
    hint: isPromise
      ? 'The function in `defineOrderService(…)` must not be async; `placeOrder` is.'
      : 'The function in `defineOrderService(…)` has to return `{ async placeOrder(request, context) { … } }`.',
  })
}

async function importDefault(file: string): Promise<unknown> {
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href)
    return module.default
  } catch (error) {
    throw explainLoadError(error, file)
  }
}

function runFactory(factory: OrderServiceFactory, dependencies: OrderServiceDependencies, file: string): OrderService {
  try {
    return factory(dependencies)
  } catch (error) {
    throw new FatalError({
      code: 'FACTORY_THREW',
      message: `The function in defineOrderService(…) threw ${messageOf(error)}.`,
      ...locate(error, file),
      hint: 'It runs once, at start. Mend what it does there, or move it into `placeOrder`.',
    })
  }
}

function explainLoadError(error: unknown, file: string): FatalError {
  const place = locate(error, file)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return new FatalError({
      code: 'UNSUPPORTED_SYNTAX',
      message: messageOf(error),
      ...place,
      hint: 'TypeScript runs here as it is, types only stripped: no enums, namespaces or parameter properties.',
    })
  if (error instanceof SyntaxError && /does not provide an export named/.test(error.message))
    return new FatalError({
      code: 'UNKNOWN_IMPORT',
      message: messageOf(error),
      ...place,
      hint: 'Check the name. A type is imported with `import type { … }`.',
    })
  if (error instanceof SyntaxError)
    return new FatalError({
      code: 'SYNTAX_ERROR',
      message: messageOf(error),
      ...place,
      hint: 'Mend the syntax at this place and save the file.',
    })
  if (code === 'ERR_MODULE_NOT_FOUND')
    return new FatalError({
      code: 'UNKNOWN_IMPORT',
      message: messageOf(error),
      ...place,
      hint: 'Keep the file inside this repository and import from @chaos-kitchen/order-service and @chaos-kitchen/resilience.',
    })
  return new FatalError({
    code: 'LOAD_THREW',
    message: `The file threw while it was loaded: ${messageOf(error)}`,
    ...place,
    hint: 'What stands outside of functions runs at load. Mend it there.',
  })
}

function isFactory(value: unknown): value is OrderServiceFactory {
  return typeof value === 'function'
}

function kind(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
