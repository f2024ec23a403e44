using System.Globalization;
using System.Text;
using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Silo.Views;

/// <summary>An audit's marks as a table: one row for each mark, and one with an empty rater for a sample that nobody marked.</summary>
public static class AuditExport
{
    private static readonly string[] Columns = ["audit", "name", "stage", "seed", "position", "item", "title", "rater", "mark", "at"];

    public static async Task<string> WriteAsync(ILedger ledger, AuditRow audit, bool csv)
    {
        var items = await new ItemViews(ledger).SummariesAsync(ledger.ItemsBySeq(ledger.AuditSamples(audit.Id))).ConfigureAwait(false);
        var marks = ledger.AuditMarks(audit.Id).ToLookup(mark => mark.Position);
        var text = new StringBuilder();
        if (csv)
        {
            text.AppendLine(string.Join(',', Columns));
        }

        for (var position = 0; position < items.Count; position++)
        {
            foreach (var mark in marks[position].DefaultIfEmpty())
            {
                string[] row =
                [
                    Number(audit.Id), audit.Name, audit.Stage.Name(), Number(audit.Seed), Number(position), items[position].Id, items[position].Title ?? "", mark?.Rater ?? "",
                    mark is null ? "" : AuditViews.Word(mark.Mark), mark?.At.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture) ?? "",
                ];
                text.AppendLine(csv ? string.Join(',', row.Select(Quote)) : JsonSerializer.Serialize(Columns.Zip(row).ToDictionary(cell => cell.First, cell => cell.Second)));
            }
        }

        return text.ToString();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>RFC 4180; and a text that a spreadsheet would take for a formula is shown as text. A whole number is none, whatever its sign.</summary>
    private static string Quote(string text)
    {
        var safe = text.Length > 0 && "=+-@\t\r".Contains(text[0]) && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
