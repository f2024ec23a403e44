using MedGenCluster.Client.Demo.Scenes.Everyday;
using MedGenCluster.Client.Demo.Scenes.Medical;

namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>Makes scenes by kind.</summary>
public static class SceneCatalog
{
    /// <summary>Every kind, medical ones first.</summary>
    public static IReadOnlyList<SceneKind> All { get; } = Enum.GetValues<SceneKind>();

    /// <summary>Whether the kind shows medicine.</summary>
    public static bool IsMedical(SceneKind kind) => kind <= SceneKind.Lecture;

    /// <summary>A scene whose layout, colours and motion follow from the seed.</summary>
    public static IScene Create(SceneKind kind, int seed)
    {
        var mixed = unchecked((seed * 7919) + ((int)kind * 104729)) & int.MaxValue;
        IScene scene = kind switch
        {
            SceneKind.Endoscopy => new EndoscopyScene(mixed),
            SceneKind.Ultrasound => new UltrasoundScene(mixed),
            SceneKind.Radiology => new RadiologyScene(mixed),
            SceneKind.EcgMonitor => new EcgMonitorScene(mixed),
            SceneKind.SurgicalField => new SurgicalFieldScene(mixed),
            SceneKind.OrganAnimation => mixed % 2 == 0 ? new HeartScene(mixed) : new LungsScene(mixed),
            SceneKind.Lecture => new LectureScene(mixed),
            SceneKind.Landscape => new LandscapeScene(mixed),
            SceneKind.City => new CityScene(mixed),
            SceneKind.Cooking => new CookingScene(mixed),
            SceneKind.Sports => new SportsScene(mixed),
            SceneKind.Road => new RoadScene(mixed),
            SceneKind.Cartoon => new CartoonScene(mixed),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind of scene."),
        };
        return new DriftingScene(scene, mixed);
    }
}
