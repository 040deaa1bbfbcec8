/** Whose container it is. The disruptor knows only those of the project that it was given. */
export const PROJECT_LABEL = 'chaos-kitchen.project'
/** `true` on a container that may be disturbed. Without it a container is never touched. */
export const OPT_IN_LABEL = 'chaos-kitchen.disrupt'
/** How Compose names the service that a container belongs to. */
export const SERVICE_LABEL = 'com.docker.compose.service'
