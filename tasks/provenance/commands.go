package provenance

// Commands of the task.
type Commands struct {
	Audit Audit `cmd:"" help:"Find code that breaks or loses media URLs, in files or in pages of the wiki."`
	URL   struct {
		Serve Serve `cmd:"" help:"Answer a CDN's edge: whom a media URL was made for, when, and whether that is true."`
	} `cmd:"" help:"Addresses of media files, and their signatures."`
}
