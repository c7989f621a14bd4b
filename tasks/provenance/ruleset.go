package provenance

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"filewarden/tasks/provenance/audit"
	"filewarden/tasks/provenance/rule"
)

// ruleSet names the rules that this program audits by. A page that was audited
// by others is audited again, though its text is the same.
func ruleSet() string {
	sum := sha256.New()
	for _, r := range rule.Catalogue() {
		fmt.Fprintf(sum, "%s %d %q %q\n", r.ID, r.Severity, r.Bad, r.Good)
	}
	return fmt.Sprintf("%d-%s", audit.Version, hex.EncodeToString(sum.Sum(nil))[:12])
}
