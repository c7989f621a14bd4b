package edge

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// front is one way to put an edge before the origin.
type front struct {
	name    string
	program string
	asks    bool // url serve; otherwise it verifies by itself
	// start brings it up and returns its address. It replaces what the
	// configuration says about r's parts, and more: further pairs to replace.
	start func(t testing.TB, r *rig, program string, more ...string) *process
}

// fronts are all that are shipped.
var fronts = []front{
	{"nginx", "nginx", true, startNginx},
	{"varnish", "varnishd", true, startVarnish},
	{"haproxy", "haproxy", false, startHAProxy},
	{"haproxy-ask", "haproxy", true, startHAProxyAsk},
}

func startNginx(t testing.TB, r *rig, program string, more ...string) *process {
	dir := t.TempDir()
	part := configure(t, "nginx.conf", append(more,
		"server 127.0.0.1:8378;", "server "+r.service+";", "server 127.0.0.1:8080;", "server "+r.origin+";",
		"listen 80;", "listen "+r.edge+";", "/var/log/nginx/media.log", r.log)...)
	// What nginx's own nginx.conf says, for this folder instead of the system's.
	whole := fmt.Sprintf("daemon off; master_process off; pid %[1]s/pid; events {}\nhttp {\n", dir)
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		whole += fmt.Sprintf("%s_temp_path %s/%s;\n", kind, dir, kind)
	}
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(whole+"include "+part+";\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, program, "-p", dir, "-c", path, "-e", "stderr")
}

func startVarnish(t testing.TB, r *rig, program string, more ...string) *process {
	_, origin, _ := net.SplitHostPort(r.origin)
	_, service, _ := net.SplitHostPort(r.service)
	path := configure(t, "varnish.vcl", append(more, `"8080"`, `"`+origin+`"`, `"8378"`, `"`+service+`"`)...)
	return start(t, program, "-F", "-j", "none", "-a", r.edge, "-f", path, "-n", t.TempDir(), "-s", "malloc,16m")
}

func startHAProxy(t testing.TB, r *rig, program string, more ...string) *process {
	path := configure(t, "haproxy.cfg", append(more,
		"/etc/haproxy/media.keys", r.keys, "/run/haproxy/admin.sock", r.socket,
		"bind :80", "bind "+r.edge, "server origin 127.0.0.1:8080", "server origin "+r.origin,
		"global\n", "global\n    log stdout format raw local0\n", "mode http\n", "mode http\n    log global\n")...)
	return start(t, program, "-db", "-f", path)
}

func startHAProxyAsk(t testing.TB, r *rig, program string, more ...string) *process {
	script := configure(t, "haproxy-ask.lua", "127.0.0.1:8378", r.service)
	path := configure(t, "haproxy-ask.cfg", append(more,
		"/etc/haproxy/haproxy-ask.lua", script,
		"bind :80", "bind "+r.edge, "server origin 127.0.0.1:8080", "server origin "+r.origin,
		"global\n", "global\n    log stdout format raw local0\n", "mode http\n", "mode http\n    log global\n")...)
	return start(t, program, "-db", "-f", path)
}

// tell sends a command to HAProxy's socket and wants no complaint.
func (r *rig) tell(t testing.TB, command string) {
	t.Helper()
	c, err := net.Dial("unix", r.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintln(c, command)
	answer := make([]byte, 4096)
	n, err := c.Read(answer)
	if said := strings.TrimSpace(string(answer[:n])); err != nil || said != "" {
		t.Fatalf("%s: %s %v", strings.Fields(command)[0], said, err)
	}
}
