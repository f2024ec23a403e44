using static MedGenCluster.Client.Demo.PlantedFault;
using static MedGenCluster.Client.Demo.Scenes.SceneKind;

namespace MedGenCluster.Client.Demo;

/// <summary>The playlist of the demo channel: what it shows and what is wrong with it, in one place.</summary>
internal static class DemoPlan
{
    /// <summary>
    /// The videos in playlist order. Medical takes last 9..10 s or at least 13 s: sampled at 1 fps they give one run that is
    /// a clip already or that splits into equal clips of 6..10 s. Cuts fall between sampling times.
    /// </summary>
    public static IReadOnlyList<PlannedVideo> Videos { get; } =
    [
        new("Colonoscopy withdrawal technique - clinical practice", "clinical practice", None, new PlannedTake(Endoscopy, 24)),
        new("Echocardiography of the four chambers - medical imaging", "imaging", None, new PlannedTake(Ultrasound, 28)),
        new("Scrolling through a chest CT - medical imaging", "imaging", None, new PlannedTake(Radiology, 20)),
        new("How to read a patient monitor - medical teaching", "teaching", None, new PlannedTake(EcgMonitor, 26)),
        new("Open abdominal surgery, field and instruments - clinical practice", "clinical practice", None, new PlannedTake(SurgicalField, 36)),
        new("How the heart pumps blood - medical animation", "animation", None, new PlannedTake(OrganAnimation, 16)) { Width = 1280, Height = 720, FrameRate = 25 },
        new("Understanding blood pressure - popular science lecture on health", "popular science", None, new PlannedTake(Lecture, 20)),
        new("Day of a surgeon, from the mountains to the operating room - popular science", "popular science", MixedContent,
            new PlannedTake(Landscape, 6.5), new PlannedTake(Endoscopy, 14), new PlannedTake(City, 5.5), new PlannedTake(SurgicalField, 9.5)),
        new("Eating for a healthy heart - nutrition lecture for patients", "popular science", MixedContent,
            new PlannedTake(Lecture, 9.5), new PlannedTake(Cooking, 8), new PlannedTake(OrganAnimation, 9.5)),
        new("The heart in a model and in echocardiography - medical teaching", "teaching", HardCut, new PlannedTake(OrganAnimation, 9.5), new PlannedTake(Ultrasound, 13.5)),
        new("Breathing and the lungs - medical animation for students", "animation", None, new PlannedTake(OrganAnimation, 16)) { Width = 640, Height = 480 },
        new("Gastroscopy findings - clinical practice", "clinical practice", MissingInfo, new PlannedTake(Endoscopy, 18)),
        new("Wound care in the operating room - clinical teaching", "teaching", MissingTranscript, new PlannedTake(SurgicalField, 14)),
        new("Laparotomy in widescreen - clinical practice", "clinical practice", Letterbox, new PlannedTake(SurgicalField, 13)),
        new("Archive echocardiography from a tape - medical imaging", "imaging", Pillarbox, new PlannedTake(Ultrasound, 13)),
        new("Anatomy of circulation with captions - medical teaching", "teaching", Subtitles, new PlannedTake(OrganAnimation, 14)),
        new("Endoscopy through a fogged lens - clinical practice", "clinical practice", Blur, new PlannedTake(Endoscopy, 13)),
        new("Patient monitor over a poor satellite link - medical teaching", "teaching", Noise, new PlannedTake(EcgMonitor, 10)),
        new("Patient monitor preview in low resolution - medical teaching", "teaching", LowResolution, new PlannedTake(EcgMonitor, 10)) { Width = 426, Height = 240 },
        new("Blood pressure lecture reposted - popular science on health", "popular science", Duplicate, new PlannedTake(Lecture, 20)) { DuplicateOf = 6 },
        new("Walking for a healthy heart - a medical wellness tour", "other", NonMedical, new PlannedTake(Landscape, 7), new PlannedTake(Road, 7)),
        new("Football day of the hospital and a cartoon for young patients - health news", "other", NonMedical, new PlannedTake(Sports, 7), new PlannedTake(Cartoon, 5)),
        new("Emergency monitor alarms, interrupted upload - medical teaching", "teaching", Truncated, new PlannedTake(EcgMonitor, 10)),
        new("Notes of the surgery course - medical teaching", "teaching", NotAVideo),
    ];
}
