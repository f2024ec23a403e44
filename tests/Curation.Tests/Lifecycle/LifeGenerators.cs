using FsCheck;
using FsCheck.Fluent;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Curation.Tests.Lifecycle;

/// <summary>Everything that can stand or happen in a life: the domain of the exhaustive tables and of the properties.</summary>
internal static class LifeGenerators
{
    public static readonly StageOrderKind[] Orders = Enum.GetValues<StageOrderKind>();

    /// <summary>Every event with every stage, also with stages that belong to other entities.</summary>
    public static readonly LifeEvent[] Events =
    [
        .. Enum.GetValues<StageId>().SelectMany(stage => new LifeEvent[]
        {
            new LifeEvent.Passed(stage),
            new LifeEvent.Rejected(stage, "too-dark", 0.25),
            new LifeEvent.Failed(stage, "the tool died", Retryable: true),
            new LifeEvent.Failed(stage, "the file is empty", Retryable: false),
        }),
        new LifeEvent.ClipsSettled(),
        new LifeEvent.ClipReopened(),
        new LifeEvent.RetryRequested(),
    ];

    public static readonly Gen<LifeEvent[]> EventSequences = Gen.Elements(Events).ArrayOf();

    /// <summary>Sequences that get somewhere: mostly events of the stage at hand.</summary>
    public static Gen<LifeEvent[]> PlausibleSequences(IReadOnlyList<StageId> stages) =>
        Gen.Elements(Events.Where(e => e is LifeEvent.Passed or LifeEvent.ClipsSettled or LifeEvent.ClipReopened or LifeEvent.RetryRequested || StageOf(e) == stages[^1] || StageOf(e) == stages[0])
            .Where(e => StageOf(e) is not { } stage || stages.Contains(stage)).ToArray()).ArrayOf().Resize(60);

    public static StageId? StageOf(LifeEvent happened) => happened switch
    {
        LifeEvent.Passed e => e.Stage,
        LifeEvent.Rejected e => e.Stage,
        LifeEvent.Failed e => e.Stage,
        _ => null,
    };

    /// <summary>Throws when the property does not hold; seeded, so that a run repeats.</summary>
    public static void Holds<T>(Gen<T> inputs, Func<T, bool> property, int tests = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(20250705, 55803), Prop.ForAll(inputs.ToArbitrary(), property));
}
