import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { catchTheUnexpected } from './cli/last-resort.ts'
import { REPOSITORY } from './cli/repository.ts'

catchTheUnexpected()
// Before anything large is loaded: the second start of a command takes half the time of the first.
enableCompileCache(join(REPOSITORY, '.kitchen', 'compile-cache'))

const { runProgram } = await import('./cli/program.ts')
const exitCode = await runProgram(process.argv.slice(2))
if (exitCode !== undefined) process.exitCode = exitCode
