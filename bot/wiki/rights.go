package wiki

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Lack is one right that the bot needs and its session does not have.
type Lack struct {
	Right   string
	Granted bool     // the account itself has the right: only the grants leave it out
	Grants  []string // grants that would let it through; none when no grant of MediaWiki holds it
}

// Remedy says in one sentence what to do about it.
func (l Lack) Remedy() string {
	grants := strings.Join(l.Grants, " or ")
	switch {
	case len(l.Grants) == 0:
		return fmt.Sprintf("right %s: give it to the account's group ($wgGroupPermissions) and put it into a grant of the bot password or OAuth consumer ($wgGrantPermissions), since no grant holds it by itself", l.Right)
	case l.Granted:
		return fmt.Sprintf("right %s: the account has it, the login's grants leave it out: add the grant %s at Special:BotPasswords, or to the OAuth consumer", l.Right, grants)
	default:
		return fmt.Sprintf("right %s: give it to the account (for instance by its group at Special:UserRights), and keep the grant %s in the login", l.Right, grants)
	}
}

// grantsOf are the grants of a fresh MediaWiki that hold a right
// ($wgGrantPermissions in MainConfigSchema.php, and ConfirmEdit's and Echo's extension.json).
func grantsOf(right string) []string {
	switch right {
	case "read", "autoconfirmed", "editsemiprotected", "nominornewtalk", "skipcaptcha", "purge":
		return []string{"basic"}
	case "bot", "apihighlimits", "noratelimit", "markbotedits":
		return []string{"highvolume"}
	case "edit", "minoredit", "applychangetags", "changetags":
		return []string{"editpage"}
	case "createpage", "createtalk", "move", "move-subpages", "move-rootuserpages", "delete-redirect":
		return []string{"createeditmovepage"}
	case "editmyoptions", "editmyuserjson":
		return []string{"editmyoptions"}
	case "editmyusercss", "editmyuserjs":
		return []string{"editmycssjs"}
	case "sendemail":
		return []string{"sendemail"}
	case "delete", "deletedhistory", "deletedtext", "bigdelete", "undelete":
		return []string{"delete"}
	case "editprotected":
		return []string{"editprotected"}
	case "editinterface", "edituserjson", "editsitejson":
		return []string{"editinterface"}
	case "patrol":
		return []string{"patrol"}
	}
	return nil
}

// Missing names the rights among needed that this session does not have, and
// tells a right that the account lacks from one that the bot password's or
// consumer's grants leave out.
func (s *Session) Missing(ctx context.Context, needed ...string) ([]Lack, error) {
	var lacks []Lack
	for _, right := range needed {
		if !s.account.Rights[right] {
			lacks = append(lacks, Lack{Right: right, Grants: grantsOf(right)})
		}
	}
	if len(lacks) == 0 {
		return nil, nil
	}
	own, err := s.AccountRights(ctx)
	if err != nil {
		return nil, err
	}
	for i := range lacks {
		lacks[i].Granted = own[lacks[i].Right]
	}
	return lacks, nil
}

// AccountRights are those of the account whatever the grants of this login
// leave of them. They are put together from its groups: of one's own account
// the API shows the rights of the session only, in list=users as well as in
// meta=userinfo (PermissionManager::getUserPermissions).
func (s *Session) AccountRights(ctx context.Context) (map[string]bool, error) {
	a, err := s.do(ctx, call{p: Params{"action": "query", "list": "users", "ususers": s.account.Name, "usprop": "groups",
		"meta": "siteinfo", "siprop": "usergroups"}})
	if err != nil {
		return nil, fmt.Errorf("asking %s for the groups of %q: %w", s.host, s.account.Name, err)
	}
	users, err := a.root.GetObjectArray("query", "users")
	if err != nil || len(users) == 0 {
		return nil, fmt.Errorf("%s did not say in which groups %q is", s.host, s.account.Name)
	}
	member, _ := users[0].GetStringArray("groups")
	groups, err := a.root.GetObjectArray("query", "usergroups")
	if err != nil {
		return nil, fmt.Errorf("%s did not say what its groups may do: %w", s.host, err)
	}
	rights := map[string]bool{}
	for _, group := range groups {
		name, _ := group.GetString("name")
		held, _ := group.GetStringArray("rights")
		for _, right := range held {
			if slices.Contains(member, name) {
				rights[right] = true
			}
		}
	}
	return rights, nil
}
