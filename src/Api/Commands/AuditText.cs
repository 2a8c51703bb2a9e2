using System.Globalization;
using System.Text;
using Gongji.Ledger.Audit;

namespace Gongji.Api.Commands;

/// <summary>Formats an audit report for people.</summary>
internal static class AuditText
{
    public static string Of(AuditReport report)
    {
        StringBuilder text = new();
        foreach (InvariantReport invariant in report.Invariants)
        {
            Line(text, $"{invariant.Name,-20} {invariant.Checked,12:N0} {invariant.Unit,-28} {Verdict(invariant)}");
            foreach (string violation in invariant.Violations)
            {
                Line(text, $"    {violation}");
            }

            if (invariant.ViolationCount > invariant.Violations.Count && invariant.Violations.Count > 0)
            {
                Line(text, $"    and {invariant.ViolationCount - invariant.Violations.Count:N0} more");
            }
        }

        string violated = string.Join(", ", report.Invariants.Where(invariant => invariant.ViolationCount > 0).Select(invariant => invariant.Name));
        if (report.IsClean)
        {
            Line(text, $"heads of {report.Heads.Chains.Count:N0} chains, digest {report.Heads.Digest()}");
        }

        Line(text, $"{report.Entries:N0} entries, {report.ViolationCount:N0} violations");
        return text.Append(report.IsClean ? "audit ok" : $"audit FAILED: {violated}").ToString();
    }

    private static string Verdict(InvariantReport invariant) =>
        invariant.ViolationCount == 0 ? "ok" : string.Create(CultureInfo.InvariantCulture, $"{invariant.ViolationCount:N0} VIOLATIONS");

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
