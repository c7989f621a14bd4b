package realwiki

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

//go:embed php
var php embed.FS

// Extensions returns every extension that the empty wiki has tables for and that
// [WithExtensions] may name.
func Extensions() []string {
	return append(usual(), "AbuseFilter", "Cite", "DiscussionTools", "Linter",
		"SpamBlacklist", "Thanks", "TitleBlacklist", "VisualEditor")
}

// DiscussionTools loads that extension, and the two that it stands on.
func DiscussionTools() Option {
	return WithExtensions("Linter", "VisualEditor", "DiscussionTools")
}

func usual() []string { return []string{"Echo", "Gadgets", "ParserFunctions"} }

// settings is what differs between wikis; php/LocalSettings.php reads it as
// wiki.json.
type settings struct {
	Name       string      `json:"name"`
	Database   string      `json:"database"`
	Language   string      `json:"language"`
	Port       int         `json:"port"`
	Data       string      `json:"data"`     // folder of the SQLite files
	Images     string      `json:"images"`   // folder of the uploads
	Messages   string      `json:"messages"` // folder of compiled messages, shared by all
	Email      bool        `json:"email"`
	Extensions []string    `json:"extensions"`
	Neighbours []neighbour `json:"neighbours"` // of a farm, the one with the files first
	extra      string
}

type neighbour struct {
	Database string `json:"database"`
	Port     int    `json:"port"`
	Images   string `json:"images"`
}

func defaults(root, database string, install *installation) settings {
	return settings{
		Name: "Test of " + database, Database: database, Language: "en", Email: true,
		Data: filepath.Join(root, "data"), Images: filepath.Join(root, database, "images"),
		Messages: install.messages(), Extensions: slices.Clone(usual()),
	}
}

// write puts the files that PHP reads into the wiki's folder. wiki.json goes
// last and by renaming: a request may be running.
func (s settings) write(dir string) error {
	files, err := php.ReadDir("php")
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := php.ReadFile("php/" + file.Name())
		if err != nil {
			return err
		}
		if err := replace(filepath.Join(dir, file.Name()), text); err != nil {
			return err
		}
	}
	if err := replace(filepath.Join(dir, "extra.php"), []byte("<?php\n"+s.extra)); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, "wiki.json"), text)
}

func replace(name string, text []byte) error {
	if err := os.WriteFile(name+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// folders makes the wiki's own folder with all that PHP expects in it; tree is
// where the code of MediaWiki lies.
func folders(dir, tree string) error {
	for _, name := range []string{"images", "log", "mail", "www"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			return err
		}
	}
	links := map[string]string{"w": tree, "images": filepath.Join(dir, "images")}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, "www", name)); err != nil {
			return fmt.Errorf("linking %s: %w", name, err)
		}
	}
	// Settings change within a second, and PHP compares times in seconds.
	return os.WriteFile(neverCompiled(dir), []byte(dir+"/*\n"), 0o600)
}

// neverCompiled names the list of files that PHP compiles anew for each request.
func neverCompiled(dir string) string { return filepath.Join(dir, "never-compiled") }
