export { type Expectation, type Given, given, type Report } from './given.ts'
export {
  after,
  fails,
  hangs,
  type Script,
  type ScriptedCall,
  type Step,
  script,
  stubbornly,
  succeeds,
  times,
} from './script.ts'
export { type VirtualWorld, type VirtualWorldOptions, virtualWorld } from './virtual-world.ts'
