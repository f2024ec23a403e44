namespace MedGenCluster.Curation.Domain;

/// <summary>What a stage measured on one entity: named numeric scores, and structured data as JSON where numbers are not enough.
/// Decisions are made from measurements alone, so a threshold can change without measuring again.</summary>
/// <param name="Stage">The stage that measured.</param>
/// <param name="StageVersion">Version of the stage's code; a higher one makes the measurement stale.</param>
/// <param name="ModelVersion">Versions of the models used, empty where there is none.</param>
/// <param name="Scores">Named numbers; finite.</param>
/// <param name="Data">JSON document whose shape belongs to the stage, or null.</param>
public sealed record Measurement(
    StageId Stage, int StageVersion, string ModelVersion, IReadOnlyDictionary<string, double> Scores, string? Data = null)
{
    public static readonly IReadOnlyDictionary<string, double> NoScores = new Dictionary<string, double>();
}

/// <summary>The measurements of one entity by stage.</summary>
public interface IMeasurements
{
    Measurement? this[StageId stage] { get; }
}

/// <summary>Measurements held in memory.</summary>
public sealed class MeasurementSet(IEnumerable<Measurement> items) : IMeasurements
{
    public static readonly MeasurementSet Empty = new([]);

    private readonly Dictionary<StageId, Measurement> _byStage = items.ToDictionary(m => m.Stage);

    public Measurement? this[StageId stage] => _byStage.GetValueOrDefault(stage);

    public MeasurementSet With(Measurement measurement) =>
        new(_byStage.Values.Where(m => m.Stage != measurement.Stage).Append(measurement));
}
