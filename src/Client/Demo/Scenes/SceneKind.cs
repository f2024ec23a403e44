namespace MedGenCluster.Client.Demo.Scenes;

/// <summary>What a rendered scene shows.</summary>
public enum SceneKind
{
    /// <summary>Travel through a pink tunnel with folds (medical).</summary>
    Endoscopy,
    /// <summary>A fan of speckle with a beating heart (medical).</summary>
    Ultrasound,
    /// <summary>Scrolling through the slices of a chest CT in a viewer (medical).</summary>
    Radiology,
    /// <summary>Traces and numbers of a patient monitor (medical).</summary>
    EcgMonitor,
    /// <summary>An open operating field with gloves and an instrument (medical).</summary>
    SurgicalField,
    /// <summary>A cartoon of a beating heart or breathing lungs (medical).</summary>
    OrganAnimation,
    /// <summary>A slide with diagrams and a speaker (medical).</summary>
    Lecture,
    /// <summary>Hills, a lake and drifting clouds.</summary>
    Landscape,
    /// <summary>A street at night.</summary>
    City,
    /// <summary>Vegetables in a pan.</summary>
    Cooking,
    /// <summary>A ball game on a field.</summary>
    Sports,
    /// <summary>A drive on a country road.</summary>
    Road,
    /// <summary>Flat shapes that hop over hills.</summary>
    Cartoon,
}
