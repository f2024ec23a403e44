namespace MedGenCluster.Curation.Models;

/// <summary>A model could not be loaded or run: missing or corrupt file, wrong shape, failed execution. The message names the
/// model's role and file and says what to do.</summary>
public sealed class ModelException(string message, Exception? inner = null) : Exception(message, inner);
