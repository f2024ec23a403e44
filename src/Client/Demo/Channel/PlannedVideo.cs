using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>One take of a planned video.</summary>
internal sealed record PlannedTake(SceneKind Kind, double Seconds);

/// <summary>A video before it is rendered.</summary>
internal sealed record PlannedVideo(string Title, string Category, PlantedFault Fault, params PlannedTake[] Takes)
{
    /// <summary>Pixels per row.</summary>
    public int Width { get; init; } = 854;

    /// <summary>Rows.</summary>
    public int Height { get; init; } = 480;

    /// <summary>Frames per second.</summary>
    public int FrameRate { get; init; } = 24;

    /// <summary>For a duplicate, the position of the original in the plan.</summary>
    public int DuplicateOf { get; init; } = -1;

    /// <summary>Length in seconds.</summary>
    public double Seconds => Takes.Sum(take => take.Seconds);

    /// <summary>Frames of the scene renderer: half of a 720p video, 240 rows of a smaller one.</summary>
    public (int Width, int Height) RenderSize => Height > 600 ? (Width / 2, Height / 2) : (Width * 240 / Height, 240);

    /// <summary>The takes with their times.</summary>
    public IReadOnlyList<PlantedScene> Scenes()
    {
        var scenes = new List<PlantedScene>(Takes.Length);
        var start = 0.0;
        foreach (var take in Takes)
        {
            scenes.Add(new PlantedScene(take.Kind, SceneCatalog.IsMedical(take.Kind), start, start + take.Seconds));
            start += take.Seconds;
        }

        return scenes;
    }
}
