using System.Data.Common;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Ledger;

/// <summary>An item as a row.</summary>
internal static class ItemRow
{
    public const string Columns =
        "seq, id, kind, job, parent, outcome, stage, attempts, reason, score, facts, media_sha, media_length, media_path, duplicate_of, strikes";

    public static LedgerItem Read(DbDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        (ItemKind)row.GetInt64(2),
        row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetInt64(4),
        new LifeState(
            (Outcome)row.GetInt64(5), (StageId)row.GetInt64(6), (int)row.GetInt64(7), row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetDouble(9)),
        row.GetString(10),
        row.IsDBNull(11) ? null : new MediaRef(row.GetString(11), row.GetInt64(12)),
        row.IsDBNull(13) ? null : row.GetString(13),
        row.IsDBNull(14) ? null : row.GetString(14))
    {
        Strikes = (int)row.GetInt64(15),
    };
}
