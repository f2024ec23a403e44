using MedGenCluster.Curation.Models;

namespace MedGenCluster.Curation.Screening;

/// <summary>The second stage of the screening: medical or not, from title and description.</summary>
public interface ITextClassifier
{
    /// <summary>Roles and file identities of the models.</summary>
    string Version { get; }

    /// <summary>True for the demonstration pack.</summary>
    bool IsDemo { get; }

    /// <summary>Probability of "medical" in 0..1 for each text, in order. The result of a text does not depend on its neighbours.</summary>
    /// <exception cref="ModelException">The model cannot be loaded or run.</exception>
    Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);
}
