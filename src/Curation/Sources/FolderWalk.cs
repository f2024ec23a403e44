namespace MedGenCluster.Curation.Sources;

/// <summary>Walks a folder and all below it, depth first, names in ordinal order. Every real folder is walked once however many links lead to it.</summary>
internal sealed class FolderWalk(string root)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly HashSet<string> _walked = [];
    private readonly string _realRoot = RealPath(root);

    public abstract record Step
    {
        private Step()
        {
        }

        /// <param name="RelativePath">Below the root, with forward slashes.</param>
        public sealed record File(string Path, string RelativePath, FolderListing Folder) : Step;

        public sealed record Skipped(string RelativePath, string Reason) : Step;
    }

    /// <exception cref="IOException">The root itself cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The root itself may not be listed.</exception>
    public IEnumerable<Step> Walk()
    {
        _walked.Add(_realRoot);
        var open = new Stack<Frame>();
        open.Push(new Frame("", _realRoot, List(root)));
        while (open.TryPeek(out var frame))
        {
            if (frame.Next() is not { } entry)
            {
                open.Pop();
                continue;
            }

            var relative = frame.RelativePath + entry.Name;
            if (entry.FullName.Length == 0)
            {
                // What the runtime answers for a path that outgrows the system's limit.
                yield return new Step.Skipped(relative, "its path is longer than the system takes");
                continue;
            }

            if ((entry.Attributes & FileAttributes.Directory) == 0)
            {
                yield return LeadsNowhere(entry)
                    ? new Step.Skipped(relative, "a link that leads nowhere")
                    : new Step.File(entry.FullName, relative, frame.Listing);
                continue;
            }

            var (child, reason) = Enter(entry, relative + "/", frame);
            if (child is null)
            {
                yield return new Step.Skipped(relative + "/", reason);
            }
            else
            {
                open.Push(child);
            }
        }
    }

    private (Frame? Child, string Reason) Enter(FileSystemInfo folder, string relative, Frame parent)
    {
        try
        {
            var isLink = folder.LinkTarget is not null;
            var real = isLink ? RealPath(folder.FullName) : Path.Combine(parent.RealPath, folder.Name);
            if (isLink && (real == _realRoot || IsBelow(real, _realRoot)))
            {
                return (null, $"a link into the crawled folder itself ({real}); its videos are listed at their own place");
            }

            return _walked.Add(real)
                ? (new Frame(relative, real, List(folder.FullName)), "")
                : (null, $"leads to {real}, which is listed already");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the folder cannot be listed: {e.Message}");
        }
    }

    private static bool LeadsNowhere(FileSystemInfo entry)
    {
        try
        {
            return (entry.Attributes & FileAttributes.ReparsePoint) != 0 && entry.ResolveLinkTarget(returnFinalTarget: true)?.Exists != true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FolderListing List(string path)
    {
        var entries = new DirectoryInfo(path).GetFileSystemInfos("*", Everything);
        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new FolderListing(entries);
    }

    private static bool IsBelow(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    /// <summary>The path with every link on its way followed.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    private static string RealPath(string path)
    {
        var links = 40;
        var current = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Parts(path));
        while (rest.TryPop(out var part))
        {
            var next = part == ".." ? Path.GetDirectoryName(current) ?? current : Path.Combine(current, part);
            if (part is ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (links-- == 0)
            {
                throw new IOException("too many links");
            }

            current = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : current;
            foreach (var piece in Parts(target))
            {
                rest.Push(piece);
            }
        }

        return current;
    }

    /// <summary>The path's parts, last first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path[Path.GetPathRoot(path)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();

    private sealed class Frame(string relativePath, string realPath, FolderListing listing)
    {
        private int _next;

        public string RelativePath => relativePath;

        public string RealPath => realPath;

        public FolderListing Listing => listing;

        public FileSystemInfo? Next() => _next < listing.Entries.Count ? listing.Entries[_next++] : null;
    }
}
