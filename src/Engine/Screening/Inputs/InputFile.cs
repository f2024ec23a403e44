using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Engine.Screening.Inputs;

/// <summary>A file of candidates and what it is known again by.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Length">Bytes on the disk.</param>
/// <param name="Modified">Time of the last change, UTC ticks.</param>
internal sealed record InputFile(string Path, long Length, long Modified)
{
    /// <summary>The file as it is now.</summary>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    public static InputFile At(string path)
    {
        var info = new FileInfo(path);
        info = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info;
        return new InputFile(path, info.Length, info.LastWriteTimeUtc.Ticks);
    }
}
