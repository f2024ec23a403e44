namespace MedGenCluster.Engine.Screening;

/// <summary>Which classifier gave the probabilities.</summary>
/// <param name="Version">Roles and file identities of its models.</param>
/// <param name="IsDemo">True for the demonstration pack.</param>
public sealed record ClassifierIdentity(string Version, bool IsDemo);
