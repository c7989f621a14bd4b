// Command filewarden looks after the files of a MediaWiki.
package main

func main() {}
