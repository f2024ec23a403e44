using MedGenCluster.Client.Demo.Scenes;

namespace MedGenCluster.Client.Demo;

/// <summary>What the speaker says: sentences that fit the scene, each long enough for a cue of 3..5 seconds.</summary>
internal static class Narration
{
    /// <summary>Seconds of one cue.</summary>
    public const double CueSeconds = 4;

    /// <summary>The sentence of the n-th cue of a take.</summary>
    public static string Sentence(SceneKind kind, int n)
    {
        var sentences = Of(kind);
        return sentences[n % sentences.Length];
    }

    /// <summary>A sentence for the description of a video.</summary>
    public static string Summary(SceneKind kind) => kind switch
    {
        SceneKind.Endoscopy => "An endoscope travels through the bowel; folds, vessels and mucosa are inspected.",
        SceneKind.Ultrasound => "An ultrasound of a beating heart in the apical four-chamber view.",
        SceneKind.Radiology => "A radiologist scrolls through the axial slices of a chest CT.",
        SceneKind.EcgMonitor => "A bedside monitor shows the ECG, arterial pressure, oxygen saturation and breathing.",
        SceneKind.SurgicalField => "A surgeon works in an open operating field with retractors, forceps and suction.",
        SceneKind.OrganAnimation => "An animated model explains how the organ moves and what flows through it.",
        SceneKind.Lecture => "A physician explains the topic with slides and diagrams.",
        _ => "Impressions from outside of the hospital.",
    };

    private static string[] Of(SceneKind kind) => kind switch
    {
        SceneKind.Endoscopy =>
        [
            "We advance the endoscope slowly and keep the lumen in the centre.",
            "Look behind each fold, because flat lesions hide on the far side.",
            "The mucosa is pink and smooth, with a regular pattern of vessels.",
            "Here the wall is washed and the view becomes clear again.",
            "During withdrawal we take at least six minutes for the inspection.",
            "Suction and a small turn of the shaft open the next segment.",
        ],
        SceneKind.Ultrasound =>
        [
            "This is the apical four-chamber view of the beating heart.",
            "The left ventricle contracts well and the walls thicken evenly.",
            "Below it you see the atria, which fill while the ventricles empty.",
            "Colour flow shows blood moving towards the probe and away from it.",
            "Tilt the probe a little to bring both valves into the plane.",
            "The trace at the bottom helps to time systole and diastole.",
        ],
        SceneKind.Radiology =>
        [
            "We scroll through the chest from the apex of the lungs downwards.",
            "The lungs are dark because they are filled with air.",
            "Bright spots along the wall are the ribs, cut across.",
            "The heart lies in the middle, the aorta in front of the spine.",
            "Follow the vessels into the lung and look for nodules.",
            "Adjust the window to judge the bones and the soft tissue.",
        ],
        SceneKind.EcgMonitor =>
        [
            "The green trace is the electrocardiogram with one peak for each beat.",
            "Below it the arterial pressure rises shortly after each complex.",
            "The third curve is the oxygen saturation measured at the finger.",
            "The slow wave shows the breathing of the patient.",
            "Always compare the number with the curve before you react.",
            "A rate that changes slowly is normal during this procedure.",
        ],
        SceneKind.SurgicalField =>
        [
            "The field is held open by retractors on both sides.",
            "The forceps lift the tissue while suction keeps the view dry.",
            "Small vessels are sealed one after the other.",
            "The surgeon works slowly around the structure in the middle.",
            "The drapes keep the area around the incision sterile.",
            "Before closing we check the whole field for bleeding again.",
        ],
        SceneKind.OrganAnimation =>
        [
            "With every cycle the organ changes its volume and moves what it holds.",
            "Red marks blood that is rich in oxygen, blue the returning blood.",
            "Follow the small particles to see the direction of the flow.",
            "The model turns slowly so that every side becomes visible.",
            "Muscle shortens, the pressure rises and the valve opens.",
            "Then the wall relaxes and the next filling begins.",
        ],
        SceneKind.Lecture =>
        [
            "Today we look at how doctors measure and explain blood pressure.",
            "The diagram compares the values of several groups of patients.",
            "Notice how the curve repeats with every beat of the heart.",
            "These three steps form a cycle that the body regulates itself.",
            "A cell takes part in this through small organelles.",
            "Please remember the first two points for the examination.",
        ],
        SceneKind.Cooking =>
        [
            "Fresh vegetables go into the pan with a little oil.",
            "Stir gently so that the carrots and peas cook evenly.",
            "Less salt is easier when the colours are this bright.",
        ],
        _ =>
        [
            "We take a short break and enjoy the view.",
            "A little movement every day does everybody good.",
            "Soon we will be back with the next part.",
        ],
    };
}
