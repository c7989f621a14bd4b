package audit

// Version of what File finds. It grows with every change by which a text that
// was audited before may get other findings: pages on the wiki are then audited
// again, though nobody edited them.
const Version = 2
