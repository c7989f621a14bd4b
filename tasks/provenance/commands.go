package provenance

// Commands of the task.
type Commands struct{}
