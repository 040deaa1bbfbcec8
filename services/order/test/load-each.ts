import { FatalError } from '@chaos-kitchen/service/errors'
import { createImplementation, loadImplementation } from '../src/implementation/load-implementation.ts'
import type { OrderServiceDependencies } from '../src/index.ts'

/** Loads each file that it is given, and prints what is told of it: `[[file, details], …]`. */
// None of them touches what it is given while it starts.
const dependencies: OrderServiceDependencies = JSON.parse('{}')
const reports: [string, unknown][] = []
for (const file of process.argv.slice(2)) reports.push([file, await report(file)])
console.log(JSON.stringify(reports))

async function report(file: string): Promise<unknown> {
  try {
    createImplementation(await loadImplementation(file), dependencies, file)
    return undefined
  } catch (error) {
    return error instanceof FatalError ? error.details : String(error)
  }
}
