import { Host } from './host.ts'

// The argument was written by the stage of this same package.
process.exit(await new Host(JSON.parse(process.argv[2] ?? '')).run())
