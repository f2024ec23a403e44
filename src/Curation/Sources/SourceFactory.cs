namespace MedGenCluster.Curation.Sources;

/// <summary>Kinds of sources by the names that jobs store.</summary>
public static class SourceKinds
{
    public const string Folder = "folder";

    public const string Manifest = "manifest";

    public const string Http = "http";

    public const string YouTube = "youtube";
}

/// <summary>Makes the source that a job names.</summary>
/// <param name="youTube">Opens an address of YouTube.</param>
public sealed class SourceFactory(Func<string, IVideoSource> youTube)
{
    /// <exception cref="SourceException">No source is of that kind, or the location is empty.</exception>
    public IVideoSource Create(SourceSpec spec)
    {
        if (string.IsNullOrWhiteSpace(spec.Location))
        {
            throw new SourceException($"The {spec.Kind} source names no location; give a folder of videos, a manifest file or a URL.");
        }

        return spec.Kind switch
        {
            SourceKinds.Folder => new FolderSource(spec.Location),
            SourceKinds.Manifest => new ManifestSource(spec.Location),
            SourceKinds.Http => new HttpSource(spec.Location),
            SourceKinds.YouTube => youTube(spec.Location),
            _ => throw new SourceException(
                $"There is no source of kind '{spec.Kind}'; use '{SourceKinds.Folder}', '{SourceKinds.Manifest}', '{SourceKinds.Http}' or '{SourceKinds.YouTube}'."),
        };
    }
}
