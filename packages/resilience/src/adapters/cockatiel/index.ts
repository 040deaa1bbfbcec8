export { type CockatielLayerOptions, fromCockatiel } from './from-cockatiel.ts'
export { toCockatiel } from './to-cockatiel.ts'
