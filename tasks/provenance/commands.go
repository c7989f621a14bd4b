package provenance

// Commands of the task.
type Commands struct {
	Audit Audit       `cmd:"" help:"Find code that breaks or loses media URLs, in files or in pages of the wiki."`
	URL   URLCommands `cmd:"" name:"url" help:"Addresses of media files, and their signatures."`
}
