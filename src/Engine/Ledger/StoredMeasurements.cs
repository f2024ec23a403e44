using System.Text.Json;
using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Measurements read from the ledger; the scores of a stage are parsed when somebody asks for them.</summary>
internal sealed class StoredMeasurements(IReadOnlyList<StoredMeasurement> rows) : IMeasurements
{
    public static readonly StoredMeasurements None = new([]);

    public Measurement? this[StageId stage]
    {
        get
        {
            foreach (var row in rows)
            {
                if (row.Stage == stage)
                {
                    return row.Parsed;
                }
            }

            return null;
        }
    }
}

/// <summary>Measurements with one more, or with one made anew.</summary>
internal sealed class AddedMeasurement(IMeasurements rest, Measurement own) : IMeasurements
{
    public Measurement? this[StageId id] => id == own.Stage ? own : rest[id];
}

internal sealed class StoredMeasurement(StageId stage, int stageVersion, string modelVersion, string scores, string? data)
{
    private Measurement? _parsed;

    public StageId Stage => stage;

    public Measurement Parsed => _parsed ??= new Measurement(
        stage, stageVersion, modelVersion, JsonSerializer.Deserialize(scores, EngineJson.Default.DictionaryStringDouble)!, data);
}
